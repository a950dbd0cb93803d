#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# GSL 2.7.1 (Debian 12, packages libgsl27, libgslcblas0, libgsl-dev 2.7.1+dfsg-5+deb12u1): exact limits of a share by gsl_cdf_beta_Pinv.
# One would guess: a beta quantile is found for every 0 < p < 1 and a, b >= 1, so that Clopper and Pearson's limits exist for every count.
# Seen: 3 hits of 7,824 at 95 % (a = 4, b = 7821) "failed to converge": with the default error handler the program is aborted, with it
# off the quantile is NAN. So do 20 hits of 500, and 213 of 1,818 upper limits (90 %, 95 %, 99 %) of 0..100 hits of 1,000..20,000; the
# distribution function itself is right at each of these places (a bisection finds them all). cdf/betainv.c. Seen on 2026-11-29.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
mkdir -p "$d/debs/partial"
v=2.7.1+dfsg-5+deb12u1
apt-get -o DPkg::Lock::Timeout=120 -o Dir::Cache::archives="$d/debs" -o APT::Sandbox::User=root \
    install -y -qq --no-install-recommends --reinstall -d libgsl27=$v libgslcblas0=$v libgsl-dev=$v >/dev/null
command -v gcc >/dev/null || apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends gcc libc6-dev >/dev/null
for deb in "$d"/debs/libgsl*.deb; do dpkg -x "$deb" "$d/root"; done
lib=$d/root/usr/lib/x86_64-linux-gnu
export LD_LIBRARY_PATH="$lib"
cd "$d"
cat > limits.c <<'C'
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>

static double bisect(double p, double a, double b)
{
    double low = 0.0, high = 1.0;
    for (int i = 0; i < 200; i++) {
        double x = (low + high) / 2.0;
        if (gsl_cdf_beta_P(x, a, b) < p)
            low = x;
        else
            high = x;
    }
    return high;
}

int main(void)
{
    static const double levels[] = {0.95, 0.975, 0.995}, calls[] = {1000, 2000, 5000, 7824, 10000, 20000};
    int n = 0, n_none = 0, n_wrong = 0;
    gsl_set_error_handler_off();
    printf("3 of 7824: %g, by bisection %.6f; 20 of 500: %g, by bisection %.6f\n", gsl_cdf_beta_Pinv(0.95, 4, 7821),
           bisect(0.95, 4, 7821), gsl_cdf_beta_Pinv(0.9995, 21, 480), bisect(0.9995, 21, 480));
    for (int i = 0; i < 6; i++)
        for (int hits = 0; hits <= 100; hits++)
            for (int k = 0; k < 3; k++) {
                double a = hits + 1.0, b = calls[i] - hits, q = gsl_cdf_beta_Pinv(levels[k], a, b);
                n++;
                n_none += isnan(q);
                n_wrong += fabs(gsl_cdf_beta_P(bisect(levels[k], a, b), a, b) - levels[k]) > 1e-9;
            }
    printf("of %d limits %d are no number; bisection misses %d\n", n, n_none, n_wrong);
    return 0;
}
C
gcc -O1 -I"$d/root/usr/include" -L"$lib" limits.c -lgsl -lgslcblas -lm -o limits
ldd ./limits | grep -q "$d/root.*libgsl" # the library is the one just fetched
seen=$(./limits)
echo "$seen"
[ "$seen" = "3 of 7824: nan, by bisection 0.000991; 20 of 500: nan, by bisection 0.077295
of 1818 limits 213 are no number; bisection misses 0" ]
