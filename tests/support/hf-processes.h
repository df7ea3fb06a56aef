/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "libhfutures.h"

G_BEGIN_DECLS

/* What the kernel knows of processes. */
GArray   *hf_list_children    (pid_t              of);
guint     hf_count_fds        (void);
guint     hf_count_mapped     (const char        *name);
char     *hf_read_proc        (pid_t              process,
                               const char        *file);

/* For hf_assert_becomes(); nothing, not even one that nobody has waited for. */
gboolean  hf_has_no_children  (gpointer           nothing);

/* Blocks until this process has just so many children that run, and gives them. */
GArray   *hf_await_children   (guint              n);

/* An executor whose processes are a program, with its arguments. */
HfExecutor *hf_new_process_pool (guint             max_workers,
                               const char *const *argv);

G_END_DECLS
