/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-layout-private.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "hf-installed-private.h"

/*
 * Processors predict branches by their addresses, and what one process has taught them is of use to
 * another one only where both have the same code at the same addresses. The kernel puts libraries
 * at a random place for each process, so workers that take turns on a processor spoil each other's
 * predictions. Here the workers of a pool get one random place in common; see worker/layout.c.
 */

/*
 * On x86-64 the kernel puts libraries, from the top down, below a random address in the highest
 * 16 TiB and a bit, if it randomizes as many bits as it can; and programs in the 16 TiB from
 * 0x555555554000 on. This is between the two.
 */
#define LOWEST 0x668000000000
#define HIGHEST 0x6fe000000000

/* Returns: a random address for hf_layout_demand(); 0: there is none, as on other processors */
guintptr
hf_layout_choose (void)
{
#ifdef __x86_64__
  const guint64 page = sysconf (_SC_PAGESIZE);
  guint64 random;

  if (getrandom (&random, sizeof random, GRND_NONBLOCK) == sizeof random)
    return LOWEST + random % ((HIGHEST - LOWEST) / page) * page;
#endif
  return 0;
}

/*
 * hf_layout_demand:
 * @environment: (transfer full)
 * @load_below: an address; 0: wherever the kernel likes
 *
 * Has the libraries of a process loaded below an address, if that is possible: the rest of its
 * memory stays where the kernel puts it.
 *
 * Returns: (transfer full): the environment for it
 */
char **
hf_layout_demand (char     **environment,
                  guintptr   load_below)
{
  g_autofree char *module = hf_find_installed ("hfutures-layout.so");
  g_autofree char *address = g_strdup_printf ("%" G_GINTPTR_MODIFIER "x", load_below);

  /* The linker takes a colon for the end of a name. */
  if (load_below == 0 || strchr (module, ':') != NULL || !g_file_test (module, G_FILE_TEST_EXISTS))
    return environment;

  environment = g_environ_setenv (environment, HF_LAYOUT_VARIABLE, address, TRUE);
  return g_environ_setenv (environment, "LD_AUDIT", module, TRUE);
}

/* @line: of the maps of a process */
static void
open_gap (const char *line,
          guint64     bottom)
{
  guint64 start = 0;
  guint64 end = 0;
  char access[5] = "";

  if (sscanf (line, "%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x %4s", &start, &end, access) ==
        3 &&
      start == bottom && g_str_equal (access, "---p"))
    munmap (GSIZE_TO_POINTER (start), end - start);
}

/*
 * hf_layout_settle:
 *
 * In the process for which hf_layout_demand() was called, before it has threads: gives back the
 * address space that keeps its libraries where they belong, if the linker has not. What is mapped
 * from now on, such as the stacks and heaps of threads, goes where the kernel likes. Other
 * processes that this one starts are not concerned.
 */
void
hf_layout_settle (void)
{
  const char *bottom = g_getenv (HF_LAYOUT_VARIABLE);
  g_autofree char *maps = NULL;
  g_auto (GStrv) lines = NULL;

  if (bottom != NULL && g_getenv (HF_LAYOUT_KEEP_VARIABLE) != NULL)
    g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL);
  lines = g_strsplit (maps != NULL ? maps : "", "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    open_gap (lines[i], g_ascii_strtoull (bottom, NULL, 16));

  g_unsetenv ("LD_AUDIT");
  g_unsetenv (HF_LAYOUT_VARIABLE);
  g_unsetenv (HF_LAYOUT_KEEP_VARIABLE);
}
