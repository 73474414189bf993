<?php require 'page.php';
// Deliberately vulnerable: the number is pasted into the query (SQL injection).
$found = books()->query('SELECT title, author, price FROM book WHERE id = ' . ($_GET['id'] ?? '1'));
$row = $found ? $found->fetch() : false;
if (!$row) { http_response_code(404); top('No such book'); bottom(); exit; }
top(htmlspecialchars((string)$row[0]));
echo '<p>' . htmlspecialchars((string)$row[1]) . '<p>' . htmlspecialchars((string)$row[2]);
bottom();
