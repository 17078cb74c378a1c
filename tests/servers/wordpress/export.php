<?php
// Prints the export of the blog in the folder that is named first; the second argument is its address.
$_SERVER['HTTP_HOST'] = parse_url($argv[2], PHP_URL_HOST) . ':' . parse_url($argv[2], PHP_URL_PORT);
require "$argv[1]/wp-load.php";
require ABSPATH . 'wp-admin/includes/export.php';
@export_wp(['content' => 'all']);
