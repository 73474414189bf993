<?php require 'page.php';
$words = (string)($_GET['q'] ?? '');
top('Search: ' . htmlspecialchars($words));
$found = books()->prepare('SELECT id, title FROM book WHERE title LIKE ?');
$found->execute(["%$words%"]);
foreach ($found as $row) { echo '<p><a href="/book.php?id=' . $row['id'] . '">' . htmlspecialchars($row['title']) . '</a>'; }
bottom();
