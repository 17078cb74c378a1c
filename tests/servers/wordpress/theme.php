<?php
// Changes the theme: arguments are the blog's folder, its address and the theme's name.
$_SERVER['HTTP_HOST'] = parse_url($argv[2], PHP_URL_HOST) . ':' . parse_url($argv[2], PHP_URL_PORT);
require "$argv[1]/wp-load.php";
switch_theme($argv[3]);
echo get_stylesheet();
