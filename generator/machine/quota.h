/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much processor time the control groups of this process permit. */
#ifndef RIG_GENERATOR_MACHINE_QUOTA_H
#define RIG_GENERATOR_MACHINE_QUOTA_H

/**
 * The least of the limits `cpu.max` (version 2) and `cpu.cfs_quota_us` (version 1) of our group and
 * of those above it.
 * @param mount  Where the control groups are mounted: /sys/fs/cgroup.
 * @param own    A file that names our groups, as /proc/self/cgroup does (cgroups(7)).
 * @return in cores; INFINITY when there is no limit, or it cannot be read.
 * Source: Linux, Documentation/admin-guide/cgroup-v2.rst (cpu.max) and scheduler/sched-bwc.rst.
 */
double rig_machine_cpu_quota(const char *mount, const char *own);

#endif
