/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-json-private.h"

#include <glib/gi18n-lib.h>

#include "hf-error-private.h"

#define MAX_DEPTH 512

/* json-glib calls itself for each level, so a server could make it use up the stack (there in 1.6;
 * 1.10 has a limit). RFC 8259 §9 allows one. */
static gboolean
is_too_deep (const char *text)
{
  gboolean in_string = FALSE;
  guint depth = 0;

  for (const char *c = text; *c != '\0'; c++)
    {
      if (in_string && *c == '\\' && c[1] != '\0')
        c++;
      else if (*c == '"')
        in_string = !in_string;
      else if (!in_string && (*c == '[' || *c == '{') && ++depth > MAX_DEPTH)
        return TRUE;
      else if (!in_string && (*c == ']' || *c == '}') && depth > 0)
        depth--;
    }
  return FALSE;
}

/*
 * hf_json_parse:
 *
 * Parses JSON that anybody may have written (RFC 8259).
 *
 * Returns: (transfer full) (nullable): the value, immutable; %NULL with @error set to what is wrong
 */
JsonNode *
hf_json_parse (const char  *text,
               GError     **error)
{
  g_autoptr (JsonParser) parser = NULL;
  JsonNode *root = NULL;

  hf_init_i18n ();
  if (is_too_deep (text))
    {
      g_set_error_literal (error, HF_ERROR, HF_ERROR_DECODE, _("it is nested too deeply"));
      return NULL;
    }

  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, text, -1, error))
    return NULL;

  root = json_parser_steal_root (parser);
  if (root == NULL)
    g_set_error_literal (error, HF_ERROR, HF_ERROR_DECODE, _("it is empty"));
  return root;
}
