# Agents busy and circuits in use until the last call back; data: before.dat, after.dat (make.py)
set terminal pngcairo size 1000,640 noenhanced font 'sans-serif,12' background '#ffffff'
set output 'load.png'
set encoding utf8
set decimalsign '.'
set border 3 linecolor rgb '#666666'
set tics nomirror out scale 0.5
set grid y linetype 1 linecolor rgb '#dddddd' linewidth 0.7
set xrange [0:40]
set xtics 5
set style fill solid noborder
set lmargin at screen 0.075
set rmargin at screen 0.985
set multiplot
set arrow 1 from first 10,graph 0 to first 10,graph 1 nohead linewidth 1 linecolor rgb '#666666' back
set tmargin at screen 0.855
set bmargin at screen 0.555
set yrange [0:800]
set ytics 200
set label 1 'agents busy' at screen 0.075,0.895 left font ',14'
set label 2 '10 min: nobody dials any more, call backs begin' at first 10.4,graph 1.0 left offset 0,-0.3 textcolor rgb '#57606a'
set label 3 '700 agents' at first 39.9,first 700 right offset 0,0.6 textcolor rgb '#00466e'
set label 4 '400 agents' at first 39.9,first 400 right offset 0,0.6 textcolor rgb '#8a3d00'
set arrow 3 from first 0,first 700 to first 40,first 700 nohead dashtype 2 linecolor rgb '#0072B2'
set arrow 4 from first 0,first 400 to first 40,first 400 nohead dashtype 2 linecolor rgb '#D55E00'
set key at screen 0.985,0.985 right top horizontal Left reverse maxrows 1 samplen 1.8 width -3 font ',11'
plot 'before.dat' using ($1+1.0/12):8:9 with filledcurves fillcolor rgb '#BFD55E00' notitle, \
     'after.dat' using ($1+1.0/12):8:9 with filledcurves fillcolor rgb '#BF0072B2' notitle, \
     'before.dat' using ($1+1.0/12):7 with lines linewidth 2 linecolor rgb '#D55E00' title 'before', \
     'after.dat' using ($1+1.0/12):7 with lines linewidth 2 linecolor rgb '#0072B2' title 'after', \
     -1 with filledcurves y1=-2 fillcolor rgb '#BF0072B2' title '95 % of single runs'
unset key
set tmargin at screen 0.415
set bmargin at screen 0.105
set yrange [0:300]
set ytics 60
set xlabel 'minutes since the number was shown'
set label 1 'circuits in use' at screen 0.075,0.455 left font ',14'
unset label 2
set label 3 '270 circuits (9 E1)' at first 39.9,first 270 right offset 0,0.6 textcolor rgb '#00466e'
set label 4 '180 circuits (6 E1)' at first 39.9,first 180 right offset 0,0.6 textcolor rgb '#8a3d00'
set arrow 3 from first 0,first 270 to first 40,first 270 nohead dashtype 2 linecolor rgb '#0072B2'
set arrow 4 from first 0,first 180 to first 40,first 180 nohead dashtype 2 linecolor rgb '#D55E00'
plot 'before.dat' using ($1+1.0/12):11:12 with filledcurves fillcolor rgb '#BFD55E00', \
     'after.dat' using ($1+1.0/12):11:12 with filledcurves fillcolor rgb '#BF0072B2', \
     'before.dat' using ($1+1.0/12):10 with lines linewidth 2 linecolor rgb '#D55E00', \
     'after.dat' using ($1+1.0/12):10 with lines linewidth 2 linecolor rgb '#0072B2'
unset multiplot
