/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-worker.h"

/* The worker process that is installed. */
int
main (void)
{
  return hf_worker_run ();
}
