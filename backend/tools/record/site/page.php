<?php
// The frame of every page, and the shop's database.
function books(): PDO { return new PDO('sqlite:/srv/www/data/books.db'); }
function top(string $title): void {
    echo "<!doctype html><title>$title</title><link rel=stylesheet href=/site.css><h1>$title</h1>"
       . '<form action=/search.php><input name=q><button>Search</button></form>';
}
function bottom(): void { echo '<p><a href=/download.php?file=catalogue.txt>Catalogue</a>'; }
