# What became of the calls of each 10 s, before and after; data: before.dat, after.dat (make.py)
set terminal pngcairo size 1000,430 noenhanced font 'sans-serif,12' background '#ffffff'
set output 'fates.png'
set encoding utf8
set decimalsign '.'
set border 3 linecolor rgb '#666666'
set tics nomirror out scale 0.5
set grid y front linetype 1 linecolor rgb '#dddddd' linewidth 0.7
set xrange [0:10]
set yrange [0:150]
set xtics 2
set ytics 30
set xlabel 'minutes since the number was shown'
set style fill solid noborder
set multiplot
set tmargin at screen 0.79
set bmargin at screen 0.15
# the legend of both: a plot of nothing
set lmargin at screen 0.02
set rmargin at screen 0.98
unset border
unset tics
unset grid
unset xlabel
set key at screen 0.5,0.985 center top horizontal Left reverse maxrows 1 samplen 1.4 width -2 font ',11'
plot -1 with filledcurves y1=-2 fillcolor rgb '#0072B2' title 'served by an agent', \
     -1 with filledcurves y1=-2 fillcolor rgb '#9fd0ef' title 'promised a call back', \
     -1 with filledcurves y1=-2 fillcolor rgb '#E69F00' title 'lost in the queue', \
     -1 with filledcurves y1=-2 fillcolor rgb '#D55E00' title 'lost at the trunk'
unset key
set border 3
set xtics 2 nomirror out
set ytics 30 nomirror out
set grid y front
set xlabel 'minutes since the number was shown'
set lmargin at screen 0.08
set rmargin at screen 0.50
set label 1 'before: 6 E1, 400 agents' at screen 0.08,0.85 left font ',14'
set ylabel 'calls per 10 s' offset 1
plot 'before.dat' using 1:6 with fillsteps fillcolor rgb '#D55E00', \
     '' using 1:5 with fillsteps fillcolor rgb '#E69F00', \
     '' using 1:3 with fillsteps fillcolor rgb '#9fd0ef', \
     '' using 1:2 with fillsteps fillcolor rgb '#0072B2'
set lmargin at screen 0.56
set rmargin at screen 0.985
set label 1 'after: 9 E1, 700 agents, deflection' at screen 0.56,0.85 left font ',14'
unset ylabel
plot 'after.dat' using 1:6 with fillsteps fillcolor rgb '#D55E00', \
     '' using 1:5 with fillsteps fillcolor rgb '#E69F00', \
     '' using 1:3 with fillsteps fillcolor rgb '#9fd0ef', \
     '' using 1:2 with fillsteps fillcolor rgb '#0072B2'
unset multiplot
