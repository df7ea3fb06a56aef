/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-streamed-body-private.h"

/*
 * hf_streamed_body_take:
 * @sending: one whose headers are there; nothing of the message is heard by it any more
 * @source: (transfer full): the stream that libsoup gave for it
 *
 * Returns: (transfer full): the response, as yet without a stream
 */
HfResponse *
hf_streamed_body_take (HfStreamedBody *self,
                       HfSending      *sending,
                       GInputStream   *source)
{
  HfResponse *response = hf_sending_take_body (sending, g_bytes_new_static (NULL, 0), NULL);

  hf_hop_init_for_reader (&self->hop, sending->hop);
  self->body = sending->body;
  self->body.hop = &self->hop;
  sending->body = (HfSoupBody){ 0 };
  self->source = source;
  hf_sending_detach (sending);
  self->message = g_steal_pointer (&sending->message);
  return response;
}

void
hf_streamed_body_clear (HfStreamedBody *self)
{
  hf_soup_body_clear (&self->body);
  g_clear_object (&self->source);
  g_clear_object (&self->message);
  hf_hop_clear (&self->hop);
}
