/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <libsoup/soup.h>

#include "hf-buffer-private.h"
#include "hf-content-decoder-private.h"
#include "hf-transport-private.h"

G_BEGIN_DECLS

/*
 * HfSoupBody:
 *
 * Takes a response's body as it comes, without I/O: whoever reads asks for space, says how much of
 * it was filled, and in the end gets the bytes. libsoup would read without limit, and takes several
 * ways in which a body can be cut short for its end.
 */
typedef struct {
  HfHop *hop;                 /* not owned */
  HfContentDecoder *decoder;  /* owned; NULL: there is nothing to undo */
  HfBuffer buffer;
  guint8 *chunk;              /* owned; where encoded bytes go */
  guint8 probe;               /* where a byte goes that should not be there */
  gboolean probing;
  gboolean interim;           /* it is of little interest: when too large or broken it is empty */
  gboolean empty;             /* there is none, whatever the headers say */
  gboolean streams;           /* what came is given away piece by piece */
  goffset announced;          /* bytes on the wire, or -1 */
  guint64 received;           /* bytes on the wire */
  guint64 limit;              /* of decoded bytes */
  guint64 n_given;            /* of the decoded bytes, those that were given away */
  gsize offset;               /* in the buffer: what comes before was given away */
  gboolean over_ratio;        /* it expands to more than it may */
} HfSoupBody;

gboolean hf_soup_body_begin (HfSoupBody   *self,
                             SoupMessage  *message,
                             HfHop        *hop,
                             gboolean      decode,
                             gboolean      interim,
                             GError      **error);
void     hf_soup_body_clear (HfSoupBody   *self);
gboolean hf_soup_body_wants (HfSoupBody   *self,
                             void        **space,
                             gsize        *size);
gboolean hf_soup_body_took  (HfSoupBody   *self,
                             gsize         length,
                             GError      **error);
gsize    hf_soup_body_give  (HfSoupBody   *self,
                             void         *space,
                             gsize         size);
gboolean hf_soup_body_is_complete
                            (HfSoupBody   *self);
gboolean hf_soup_body_check (HfSoupBody   *self,
                             GError      **error);
GBytes  *hf_soup_body_end   (HfSoupBody   *self,
                             GError      **error);
GBytes  *hf_soup_body_fail  (HfSoupBody   *self,
                             GError       *failed,
                             GError      **error);

G_END_DECLS
