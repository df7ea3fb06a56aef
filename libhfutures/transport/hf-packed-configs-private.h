/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-connection-config-private.h"

G_BEGIN_DECLS

/*
 * HfPackedConfigs:
 *
 * The configurations of one session as worker processes are told them. Any thread.
 *
 * Those that are not hf_connection_config_equal() are different when packed, too. For proxy
 * resolvers, which stay in this process, it is a number that differs.
 */
typedef struct _HfPackedConfigs HfPackedConfigs;

HfPackedConfigs *hf_packed_configs_new  (void);
void             hf_packed_configs_free (HfPackedConfigs     *self);
GBytes          *hf_packed_configs_pack (HfPackedConfigs     *self,
                                         HfConnectionConfig  *config,
                                         GError             **error);

G_END_DECLS
