/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-body.h"

G_BEGIN_DECLS

/*
 * HfBodyPart:
 *
 * A piece of a body that is not, or not alone, in memory. Reference-counted, since bodies that
 * contain one another share it. It has one source.
 */
typedef struct {
  gint64 length;                  /* const; in bytes; -1: not known before it is sent */
  gboolean once;                  /* const: it cannot be read twice */
  int taken;                      /* atomic: it has been */

  GBytes *bytes;                  /* owned, const, nullable */
  GFile *file;                    /* owned, const, nullable */
  GInputStream *stream;           /* owned, atomic, nullable: until it is taken */
  HfBodyStreamFunc stream_func;   /* const, nullable */
  HfBodyReadFunc read_func;       /* const, nullable */
  gpointer user_data;             /* const */
  GDestroyNotify destroy;         /* const, nullable */
} HfBodyPart;

struct _HfBody {
  GObject parent_instance;

  GBytes *bytes;       /* owned, const; NULL: there are parts */
  GPtrArray *parts;    /* owned, const; of HfBodyPart; NULL: there are bytes */
  char *content_type;  /* owned, const; nullable */
  char *invalid_field; /* owned, const; nullable: the name of a part's field that cannot be sent */
};

HfBodyPart *hf_body_part_new_for_bytes (GBytes     *bytes);
HfBodyPart *hf_body_part_new_for_file  (GFile      *file);
HfBodyPart *hf_body_part_ref           (HfBodyPart *self);
void        hf_body_part_unref         (HfBodyPart *self);

HfBody     *hf_body_new_for_parts      (GPtrArray  *parts,
                                        const char *content_type,
                                        const char *invalid_field);

G_END_DECLS
