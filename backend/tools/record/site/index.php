<?php require 'page.php';
top('Harbour Books');
echo '<ul>';
foreach (books()->query('SELECT id, title FROM book ORDER BY id') as $row) {
    echo '<li><a href="/book.php?id=' . $row['id'] . '">' . htmlspecialchars($row['title']) . '</a></li>';
}
echo '</ul>';
bottom();
