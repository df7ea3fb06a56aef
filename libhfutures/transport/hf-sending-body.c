/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-sending-private.h"

#include "hf-validate-private.h"

/* The body of a message: from memory, or opened and read while it is sent. */

/* Whether the body has to be opened before anything else. */
gboolean
hf_sending_has_to_open (HfSending *self)
{
  return self->hop->body != NULL && hf_body_get_bytes (self->hop->body) == NULL;
}

/* Opens the body. Blocks. */
gboolean
hf_sending_open (HfSending  *self,
                 GError    **error)
{
  self->upload = hf_upload_new (self->hop);
  return hf_upload_open (self->upload, self->cancellable, error);
}

void
hf_sending_end_upload (HfSending *self)
{
  if (self->upload == NULL)
    return;

  hf_upload_end (self->upload);
  g_clear_object (&self->upload);
}

/* Opens the body once more, unless it is what failed: libsoup takes that for the connection's
 * failure. */
gboolean
hf_sending_reopen (HfSending *self)
{
  if (hf_upload_get_error (self->upload) != NULL)
    return FALSE;

  hf_sending_end_upload (self);
  hf_hop_enter_phase (self->hop, HF_PHASE_CONNECTING);
  return hf_sending_open (self, NULL);
}

void
hf_sending_set_body (HfSending *self)
{
  HfHop *hop = self->hop;

  if (self->upload != NULL)
    {
      hop->n_to_send = hf_upload_get_length (self->upload);
      soup_message_set_request_body (self->message, NULL, G_INPUT_STREAM (self->upload),
                                     hop->n_to_send);
    }
  else if (hop->body != NULL)
    {
      soup_message_set_request_body_from_bytes (self->message, NULL, hf_body_get_bytes (hop->body));
    }
}

/* The length of what is in memory has been looked at before. */
gboolean
hf_sending_check_length (HfSending  *self,
                      GError    **error)
{
  g_autofree char *uri = NULL;

  if (self->upload == NULL || hf_headers_peek (self->hop->headers, "Content-Length") == NULL)
    return TRUE;

  uri = g_uri_to_string (self->hop->uri);
  return hf_validate_length (self->hop->headers, hf_upload_get_length (self->upload), uri, error);
}
