<?php require 'page.php';
top('Sign in');
$name = (string)($_POST['name'] ?? '');
$found = books()->prepare('SELECT password FROM customer WHERE name = ?');
$found->execute([$name]);
$stored = $found->fetchColumn();
if ($stored !== false && hash_equals((string)$stored, hash('sha256', (string)($_POST['password'] ?? '')))) {
    header('Location: /account.php', true, 302); exit;
}
if ($name !== '') { http_response_code(401); echo '<p>Wrong name or password.'; }
echo '<form method=post><input name=name><input name=password type=password><button>Sign in</button></form>';
bottom();
