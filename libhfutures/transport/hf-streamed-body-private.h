/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-sending-private.h"

G_BEGIN_DECLS

/*
 * HfStreamedBody:
 *
 * What is left of a sending when its response has been given away with the headers, and the body
 * is still to be read.
 */
typedef struct {
  HfHop hop;
  HfSoupBody body;
  SoupMessage *message;  /* owned */
  GInputStream *source;  /* owned: libsoup's */
} HfStreamedBody;

HfResponse *hf_streamed_body_take  (HfStreamedBody *self,
                                    HfSending      *sending,
                                    GInputStream   *source);
void        hf_streamed_body_clear (HfStreamedBody *self);

G_END_DECLS
