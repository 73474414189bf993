<?php require 'page.php';
top('Your account');
echo '<p>No open orders.';
bottom();
