/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 *
 * The test server as a program: prints its URI and serves until its standard input ends, so that it
 * never outlives the one who started it. Given a file with a certificate, it serves the same over
 * https, too, and prints that URI in a second line.
 */

#include "config.h"

#include <stdio.h>

#include "hf-test-server.h"

int
main (int    argc,
      char **argv)
{
  g_autoptr (HfTestServer) server = hf_test_server_new ();
  g_autofree char *uri = hf_test_server_dup_uri (server, "");
  g_autoptr (HfTestServer) tls_server = NULL;

  printf ("%s\n", uri);
  if (argc > 1)
    {
      g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (argv[1], NULL);
      g_autofree char *tls_uri = NULL;

      tls_server = hf_test_server_new_tls (certificate);
      tls_uri = hf_test_server_dup_uri (tls_server, "");
      printf ("%s\n", tls_uri);
    }
  fflush (stdout);
  while (getchar () != EOF)
    ;
  return 0;
}
