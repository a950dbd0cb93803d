% Compares peakrig's formulas with those of Octave's queueing package (Marzolla, octave-queueing).
% Usage: octave-cli --norc cross_check.m TABLE_PROGRAM
% Erlang A, which the package does not have, is the stationary state of a birth-and-death chain.
1;

function [p_abandon, p_wait] = erlang_a (offered_erl, n, patience_s, aht_s)
  k = 0:(n + ceil (offered_erl) + 400);            # enough states for the grid
  birth = repmat (offered_erl / aht_s, 1, numel (k) - 1);
  busy = min (k(2:end), n);
  waiting = max (k(2:end) - n, 0);
  p = ctmc (ctmcbd (birth, busy / aht_s + waiting / patience_s));
  p_wait = sum (p(k >= n));
  p_abandon = sum (p .* max (k - n, 0)) / patience_s / (offered_erl / aht_s);
endfunction

function value = peer (name, a)
  aht_s = 180;
  switch (name)
    case "b"
      value = erlangb (a(1), a(2));
    case "c"
      value = erlangc (a(1), a(2));
    case "c_wait"
      [~, r] = qsmmm (a(1) / aht_s, 1 / aht_s, a(2));
      value = r - aht_s;
    case "mmck"
      [~, ~, ~, ~, ~, value] = qsmmmk (a(1) / aht_s, 1 / aht_s, a(2), a(3));
    case "mmck_wait"
      [~, r] = qsmmmk (a(1) / aht_s, 1 / aht_s, a(2), a(3));
      value = r - aht_s;
    case "engset"
      value = engset (a(3), a(2), a(1));
    case "engset_time"                             # one caller more sees what the group sees
      value = engset (a(3), a(2), a(1) + 1);
    case "a"
      value = erlang_a (a(1), a(2), a(3), aht_s);
    case "a_wait"
      [~, value] = erlang_a (a(1), a(2), a(3), aht_s);
    otherwise
      error ("unknown formula %s", name);
  endswitch
endfunction

pkg load queueing
program = argv (){end};
[status, text] = system (["'" program "'"]);
if (status != 0)
  error ("%s: exit %d", program, status);
endif
lines = strsplit (strtrim (text), "\n");
counts = struct ();
n_bad = 0;
for i = 1:numel (lines)
  words = strsplit (lines{i}, " ");
  a = str2double (words(2:5));
  got = str2double (words{6});
  expected = peer (words{1}, a);
  % the package's waits are differences of times in the system: an absolute error of a rounding
  tolerance = 1e-9 * abs (expected) + 1e-12 * (1 + 180 * any (strfind (words{1}, "wait")));
  if (! (abs (got - expected) <= tolerance))
    printf ("%s: peer %.15g\n", lines{i}, expected);
    n_bad++;
  endif
  if (! isfield (counts, words{1}))
    counts.(words{1}) = 0;
  endif
  counts.(words{1})++;
endfor
names = fieldnames (counts);
for i = 1:numel (names)
  printf ("%-12s %4d values\n", names{i}, counts.(names{i}));
endfor
if (n_bad > 0 || numel (names) != 9 || numel (lines) < 400)
  printf ("%d of %d values differ; %d of 9 formulas\n", n_bad, numel (lines), numel (names));
  exit (1);
endif
