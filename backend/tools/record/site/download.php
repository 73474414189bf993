<?php
// Deliberately vulnerable: the name may climb out of the folder (path traversal).
$path = '/srv/www/files/' . ($_GET['file'] ?? '');
if (!is_file($path)) { http_response_code(404); exit('no such file'); }
header('Content-Type: text/plain');
readfile($path);
