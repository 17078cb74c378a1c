<?php
// Sets up a blog with one post and its comments; prints the comments as JSON. Arguments: the blog's folder and address.
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = parse_url($argv[2], PHP_URL_HOST) . ':' . parse_url($argv[2], PHP_URL_PORT);
require "$argv[1]/wp-load.php";
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Tea and time', 'tess', 'tess@example.org', true, '', 'not-secret');
update_option('permalink_structure', '/%year%/%monthnum%/%postname%/');
update_option('posts_per_rss', 100);
update_option('page_comments', 0);
update_option('moderation_notify', 0);
update_option('comments_notify', 0);
foreach (get_comments() as $old) {
    wp_delete_comment($old, true);
}
$post = wp_insert_post(['post_title' => 'Boil it twice?', 'post_name' => 'twice', 'post_status' => 'publish',
    'post_content' => 'A post.', 'post_author' => 1, 'post_date' => '2026-01-05 10:00:00', 'comment_status' => 'open']);
$made = [];
foreach (json_decode(file_get_contents("$argv[1]/comments.json"), true) as $i => $c) {
    $made[$c['name']] = wp_insert_comment([
        'comment_post_ID' => $post, 'comment_parent' => isset($c['to']) ? $made[$c['to']] : 0,
        'comment_author' => $c['author'], 'comment_author_email' => $c['email'], 'comment_author_url' => $c['site'] ?? '',
        'comment_author_IP' => '203.0.113.7', 'comment_content' => $c['text'], 'user_id' => $c['user'] ?? 0,
        'comment_approved' => $c['approved'] ?? 1, 'comment_type' => $c['type'] ?? 'comment',
        'comment_date' => sprintf('2026-01-05 12:%02d:00', $i), 'comment_date_gmt' => sprintf('2026-01-05 12:%02d:00', $i),
    ]);
}
echo json_encode(['post' => $post, 'comments' => $made]);
