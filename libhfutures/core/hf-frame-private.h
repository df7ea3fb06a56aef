/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define HF_FRAME_MAX_FDS 2
#define HF_FRAME_MAX_LENGTH (16 * 1024 * 1024) /* bytes; what is larger goes in a descriptor */

/*
 * What goes between this process and its workers. Everything that comes is looked at as if an enemy
 * had sent it.
 */
typedef enum {
  HF_FRAME_NONE,
  HF_FRAME_HELLO,       /* to the parent, first of all: the worker is there */
  HF_FRAME_CONFIG,      /* to the worker: how connections are to be made from now on */
  HF_FRAME_JOB,         /* to the worker: send this hop */
  HF_FRAME_HOOKS,       /* to the worker: call these hooks */
  HF_FRAME_CANCEL,      /* to the worker, by the way of its own: stop the job of that number */
  HF_FRAME_INTERIM,     /* to the worker: whether there will be another answer */
  HF_FRAME_PROXIES,     /* to the worker: which proxies to use, or why that is not known */
  HF_FRAME_NEWS,        /* to the parent: the status has changed */
  HF_FRAME_ASK_INTERIM, /* to the parent: will there be another answer after this one? */
  HF_FRAME_ASK_PROXIES, /* to the parent: which proxies lead there? */
  HF_FRAME_RESPONSE,    /* to the parent, at the end */
  HF_FRAME_OUTCOME,     /* to the parent, at the end: what hooks have made of the response */
  HF_FRAME_FAILED,      /* to the parent, at the end */
  HF_FRAME_DATA,        /* of a stream, to the parent: some of it */
  HF_FRAME_END,         /* of a stream, to the parent: the end, or why there is no more */
  HF_N_FRAMES,
} HfFrameKind;

/* HfJobNumbers, method, URI, fields, and a body if there is one: its type, its parts, and how many
 * of its bytes are sealed. */
#define HF_FRAME_JOB_TYPE "((tub)sss" HF_FRAME_BODY_TYPE ")"
#define HF_FRAME_BODY_TYPE "m(maya(stt)t)"

/* HfResponseNumbers, reason, fields, and the server's certificate. */
#define HF_FRAME_RESPONSE_TYPE "((tuudddddd)ssay)"

/* What GVariant has as (tub). */
typedef struct {
  guint64 max_body_size;
  guint32 max_decompression_ratio;
  guint8 streams;
  guint8 padding[3];
} HfJobNumbers;

/* What GVariant has as (tuudddddd). */
typedef struct {
  guint64 n_sealed; /* bytes; 0: they are in the frame */
  guint32 status;
  guint32 http_version;
  double elapsed;   /* seconds */
  double dns;       /* seconds, as all that follow */
  double connect;
  double tls;
  double first_byte;
  double total;
} HfResponseNumbers;

/*
 * HfFrame:
 *
 * One message between two processes: a kind, values, bytes, and descriptors. What they mean is for
 * whoever reads them; whatever they say, nothing here reads out of bounds.
 */
typedef struct {
  HfFrameKind kind;
  GVariant *values;          /* owned, in normal form, of the type of the kind */
  GBytes *data;              /* owned, nullable: what need not be looked at */
  int fds[HF_FRAME_MAX_FDS]; /* owned; -1: taken, or none */
  guint n_fds;
} HfFrame;

const GVariantType *hf_frame_get_type  (HfFrameKind    kind);
void                hf_frame_clear     (HfFrame       *self);
void                hf_frame_add_fd    (HfFrame       *self,
                                        int            fd);
int                 hf_frame_take_fd   (HfFrame       *self,
                                        guint          position);
gboolean            hf_frame_fits      (const HfFrame *self);
const char         *hf_frame_peek_text (GVariant      *values,
                                        gsize          position);

/* Numbers are a tuple that GVariant has in memory as C has a struct; the first of the values. */
#define hf_frame_pack_numbers(type, numbers) \
  (hf_frame_new_numbers ((type), &(numbers), sizeof (numbers)))
#define hf_frame_unpack_numbers(values, numbers) \
  (hf_frame_copy_numbers ((values), &(numbers), sizeof (numbers)))
GVariant           *hf_frame_new_numbers  (const char *type,
                                           const void *numbers,
                                           gsize       size);
void                hf_frame_copy_numbers (GVariant   *values,
                                           void       *numbers,
                                           gsize       size);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfFrame, hf_frame_clear)

G_END_DECLS
