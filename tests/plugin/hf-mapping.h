/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <glib.h>
#include <stdio.h>

G_BEGIN_DECLS

/* Which file the bytes are mapped from, by its number; 0 is none. */
static inline guint64
find_inode (GBytes *bytes)
{
  guintptr address = (guintptr) g_bytes_get_data (bytes, NULL);
  g_autofree char *maps = NULL;
  g_auto (GStrv) lines = NULL;

  g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL);
  lines = g_strsplit (maps, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      unsigned long begin;
      unsigned long end;
      unsigned long inode;

      if (sscanf (lines[i], "%lx-%lx %*s %*s %*s %lu", &begin, &end, &inode) == 3 &&
          address >= begin && address < end)
        return inode;
    }
  return 0;
}

G_END_DECLS
