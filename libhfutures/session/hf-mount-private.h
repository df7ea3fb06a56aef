/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-transport-private.h"

G_BEGIN_DECLS

/* A transport for the URIs with a prefix. Const once made. */
typedef struct _HfMount HfMount;

HfMount     *hf_mount_new            (const char   *prefix,
                                      HfTransport  *transport,
                                      GError      **error);
HfMount     *hf_mount_ref            (HfMount      *self);
void         hf_mount_unref          (HfMount      *self);

/* Lists of them, those with the longest prefixes first. */
GPtrArray   *hf_mount_list_with      (GPtrArray    *mounts,
                                      HfMount      *added);
GPtrArray   *hf_mount_list_without   (GPtrArray    *mounts,
                                      const char   *prefix);
HfTransport *hf_mount_list_find      (GPtrArray    *mounts,
                                      GUri         *uri);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfMount, hf_mount_unref)

G_END_DECLS
