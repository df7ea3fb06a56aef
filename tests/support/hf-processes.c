/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-processes.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hf-gate.h"

char *
hf_read_proc (pid_t       process,
              const char *file)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/%s", (int) process, file);
  char *contents = NULL;

  g_file_get_contents (path, &contents, NULL, NULL);
  return contents;
}

/* Returns: (transfer full): the processes that this one has begun, those that have ended but were
 * not waited for among them */
GArray *
hf_list_children (pid_t of)
{
  GArray *children = g_array_new (FALSE, FALSE, sizeof (pid_t));
  g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (processes)) != NULL)
    {
      pid_t process = g_ascii_strtoll (name, NULL, 10);
      g_autofree char *stat = process > 0 ? hf_read_proc (process, "stat") : NULL;
      const char *behind = stat != NULL ? strrchr (stat, ')') : NULL;
      int parent;

      if (behind != NULL && sscanf (behind, ") %*c %d", &parent) == 1 && parent == of)
        g_array_append_val (children, process);
    }
  return children;
}

guint
hf_count_fds (void)
{
  g_autoptr (GDir) fds = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (fds) != NULL)
    n++;
  return n;
}

/* Returns: in how many mappings of this process there is that name */
guint
hf_count_mapped (const char *name)
{
  g_autofree char *maps = hf_read_proc (getpid (), "maps");
  guint n = 0;

  for (const char *at = maps; (at = strstr (at, name)) != NULL; at++)
    n++;
  return n;
}

gboolean
hf_has_no_children (gpointer nothing)
{
  g_autoptr (GArray) children = hf_list_children (getpid ());

  return children->len == 0;
}

static gboolean
has_children (gpointer data)
{
  g_autoptr (GArray) children = hf_list_children (getpid ());

  return children->len == GPOINTER_TO_UINT (data);
}

GArray *
hf_await_children (guint n)
{
  hf_assert_becomes (has_children, GUINT_TO_POINTER (n));
  return hf_list_children (getpid ());
}

HfExecutor *
hf_new_process_pool (guint              max_workers,
                     const char *const *argv)
{
  return g_object_new (HF_TYPE_PROCESS_POOL_EXECUTOR, "max-workers", max_workers, "worker-argv",
                       argv, NULL);
}
