/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#define _GNU_SOURCE
#include <inttypes.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "hf-layout-private.h"

/*
 * An auditing module of the dynamic linker, see rtld-audit(7), that audits nothing. The linker
 * loads it before the program's libraries, so it can say where those go: the kernel puts each
 * mapping below the others, into the first gap, and this closes the gap down to HF_LAYOUT_VARIABLE.
 *
 * It is no part of the library, and does without GLib.
 */

/* Returns: where the lowest mapping begins that is not below @bottom; 0: that is not known */
static uintptr_t
find_lowest (uintptr_t bottom)
{
  FILE *maps = fopen ("/proc/self/maps", "re");
  uintptr_t start;
  uintptr_t lowest = 0;

  if (maps == NULL)
    return 0;

  while (lowest < bottom && fscanf (maps, "%" SCNxPTR "%*[^\n]", &start) == 1)
    lowest = start;
  fclose (maps);
  return lowest < bottom ? 0 : lowest;
}

static void *gap;
static size_t gap_size;

static void
close_gap (uintptr_t bottom)
{
  uintptr_t top = find_lowest (bottom);

  /* Not where libraries are put elsewhere, so that only the stack is above. */
  if (top == 0 || top > (uintptr_t) la_version)
    return;

  gap_size = top - bottom;
  gap = mmap ((void *) bottom, gap_size, PROT_NONE,
              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (gap == MAP_FAILED)
    gap = NULL;
}

unsigned int
la_version (unsigned int version)
{
  const char *bottom = getenv (HF_LAYOUT_VARIABLE);

  if (bottom != NULL)
    close_gap (strtoull (bottom, NULL, 16));

  /* It stays, for its own libc would leave another gap. */
  return LAV_CURRENT;
}

/* All libraries that the program is linked with have been loaded. */
void
la_preinit (uintptr_t *cookie)
{
  if (gap != NULL && getenv (HF_LAYOUT_KEEP_VARIABLE) == NULL)
    munmap (gap, gap_size);
}
