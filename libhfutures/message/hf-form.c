/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-form-private.h"

#include <libsoup/soup.h>

/* Appends a field as an HTML form encodes it, to a form or to a query. */
void
hf_form_append_field (GString    *form,
                      const char *name,
                      const char *value)
{
  g_autofree char *encoded = soup_form_encode (name, value, NULL);

  if (form->len > 0 && form->str[form->len - 1] != '&')
    g_string_append_c (form, '&');
  g_string_append (form, encoded);
}
