/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-json-private.h"

#include <glib/gi18n-lib.h>

#include "hf-error-private.h"

#define MAX_DEPTH 512

/*
 * json-glib calls itself for each level, so a server could make it use up the stack (there in 1.6;
 * 1.10 has a limit). RFC 8259 §9 allows one. It also takes comments and other quotes, in which
 * brackets could hide from who counts them; the standard knows neither.
 *
 * Returns: (nullable): what is wrong
 */
static const char *
find_fault (const char *text)
{
  gboolean in_string = FALSE;
  guint depth = 0;

  for (const char *c = text; *c != '\0'; c++)
    {
      if (in_string && *c == '\\' && c[1] != '\0')
        c++;
      else if (*c == '"')
        in_string = !in_string;
      else if (!in_string && (*c == '/' || *c == '\''))
        return _("it has comments or single quotes");
      else if (!in_string && (*c == '[' || *c == '{') && ++depth > MAX_DEPTH)
        return _("it is nested too deeply");
      else if (!in_string && (*c == ']' || *c == '}') && depth > 0)
        depth--;
    }
  return NULL;
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
  const char *fault;

  hf_init_i18n ();
  fault = find_fault (text);
  if (fault != NULL)
    {
      g_set_error_literal (error, HF_ERROR, HF_ERROR_DECODE, fault);
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
