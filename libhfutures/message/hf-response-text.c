/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-response-private.h"

#include <glib/gi18n-lib.h>

#include "hf-charset-private.h"
#include "hf-error-private.h"
#include "hf-json-private.h"

/* The body of a response as text and as JSON. */

/**
 * hf_response_get_apparent_encoding:
 * @self: a response
 *
 * Gives [property@Response:apparent-encoding]: the charset of the body’s byte order mark, UTF-8
 * when the body is valid as such, else windows-1252, in which every text of the old web can be
 * read.
 *
 * Returns: (transfer none): the name of a charset
 *
 * Since: 1.0
 */
const char *
hf_response_get_apparent_encoding (HfResponse *self)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);

  /* Several threads may find out the same at the same time. */
  if (!hf_response_is_loaded (self))
    return hf_charset_detect (self->bytes); /* until there is something to look at */
  if (g_atomic_pointer_get (&self->apparent_encoding) == NULL)
    g_atomic_pointer_set (&self->apparent_encoding,
                          hf_charset_detect (hf_response_get_bytes (self)));
  return g_atomic_pointer_get (&self->apparent_encoding);
}

/**
 * hf_response_get_encoding:
 * @self: a response
 *
 * Gives [property@Response:encoding]: the `charset` that the server named, else
 * [property@Response:apparent-encoding].
 *
 * Returns: (transfer none): the name of a charset, owned by @self
 *
 * Since: 1.0
 */
const char *
hf_response_get_encoding (HfResponse *self)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);

  if (g_atomic_pointer_get (&self->encoding) == NULL)
    {
      char *found = hf_charset_from_content_type (hf_headers_peek (self->headers, "Content-Type"));

      if (found == NULL && !hf_response_is_loaded (self))
        return hf_response_get_apparent_encoding (self); /* of what has not come yet */
      if (found == NULL)
        found = g_strdup (hf_response_get_apparent_encoding (self));
      if (!g_atomic_pointer_compare_and_exchange (&self->encoding, NULL, found))
        g_free (found); /* another thread found it out at the same time */
    }

  return g_atomic_pointer_get (&self->encoding);
}

/**
 * hf_response_get_text:
 * @self: a response
 * @error: return location for an error, `HF_ERROR_DECODE`, or `HF_ERROR_WOULD_BLOCK` for a
 *   streamed body that was not loaded
 *
 * Decodes the body from [property@Response:encoding]. U+FFFD stands for a NUL in it;
 * [property@Response:bytes] has the body as it came.
 *
 * Returns: (transfer full): the text, in UTF-8
 *
 * Since: 1.0
 */
char *
hf_response_get_text (HfResponse  *self,
                      GError     **error)
{
  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return hf_response_decode (self, hf_response_get_encoding (self), error);
}

/**
 * hf_response_decode:
 * @self: a response
 * @encoding: (nullable): the name of a charset, such as `UTF-8` or `windows-1252`; %NULL for
 *   [property@Response:apparent-encoding]
 * @error: return location for an error, `HF_ERROR_DECODE`, also for a charset that iconv does not
 *   know
 *
 * Decodes the body as [method@Response.get_text] does, but from a charset of the caller’s choice:
 * servers do not always know best.
 *
 * Returns: (transfer full): the text, in UTF-8
 *
 * Since: 1.0
 */
char *
hf_response_decode (HfResponse  *self,
                    const char  *encoding,
                    GError     **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *shown = NULL;
  char *text;

  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!hf_response_check_loaded (self, error))
    return NULL;

  if (encoding == NULL)
    encoding = hf_response_get_apparent_encoding (self);
  text = hf_charset_decode (hf_response_get_bytes (self), encoding, &cause);
  if (text != NULL)
    return text;

  shown = hf_error_redact_uri (hf_response_get_uri (self));
  hf_init_i18n ();
  g_set_error (error, HF_ERROR, HF_ERROR_DECODE, _("The answer from “%s” is not text in “%s”: %s"),
               shown, encoding, cause->message);
  return NULL;
}

/**
 * hf_response_get_json:
 * @self: a response
 * @error: return location for an error, `HF_ERROR_DECODE`, or `HF_ERROR_WOULD_BLOCK` for a
 *   streamed body that was not loaded
 *
 * Parses the body as JSON (RFC 8259). Each call parses anew. Unless the server named a charset, it
 * is one of Unicode’s, which its first characters tell (RFC 4627 §3).
 *
 * Returns: (transfer full): the value, immutable
 *
 * Since: 1.0
 */
JsonNode *
hf_response_get_json (HfResponse  *self,
                      GError     **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *named = NULL;
  g_autofree char *text = NULL;
  g_autofree char *shown = NULL;
  const char *encoding;
  JsonNode *root;

  g_return_val_if_fail (HF_IS_RESPONSE (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  encoding = named = hf_charset_from_content_type (hf_headers_peek (self->headers, "Content-Type"));
  if (encoding == NULL)
    encoding = hf_charset_detect_json (hf_response_get_bytes (self));
  text = hf_response_decode (self, encoding, error);
  if (text == NULL)
    return NULL;

  root = hf_json_parse (text, &cause);
  if (root != NULL)
    return root;

  shown = hf_error_redact_uri (hf_response_get_uri (self));
  hf_init_i18n ();
  g_set_error (error, HF_ERROR, HF_ERROR_DECODE, _("The answer from “%s” is not JSON: %s"), shown,
               cause->message);
  return NULL;
}
