/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * The test server as a program: prints its URI and serves until its standard input ends, so that it
 * never outlives the one who started it.
 */

#include "config.h"

#include <stdio.h>

#include "hf-test-server.h"

int
main (void)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "");

  printf ("%s\n", uri);
  fflush (stdout);
  while (getchar () != EOF)
    ;
  return 0;
}
