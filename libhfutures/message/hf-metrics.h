/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-types.h"

G_BEGIN_DECLS

#define HF_TYPE_METRICS (hf_metrics_get_type ())

HF_AVAILABLE_IN_1_0
GType      hf_metrics_get_type       (void) G_GNUC_CONST;

HF_AVAILABLE_IN_1_0
HfMetrics *hf_metrics_copy           (HfMetrics *self);
HF_AVAILABLE_IN_1_0
void       hf_metrics_free           (HfMetrics *self);

HF_AVAILABLE_IN_1_0
double     hf_metrics_get_dns        (HfMetrics *self);
HF_AVAILABLE_IN_1_0
double     hf_metrics_get_connect    (HfMetrics *self);
HF_AVAILABLE_IN_1_0
double     hf_metrics_get_tls        (HfMetrics *self);
HF_AVAILABLE_IN_1_0
double     hf_metrics_get_first_byte (HfMetrics *self);
HF_AVAILABLE_IN_1_0
double     hf_metrics_get_total      (HfMetrics *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfMetrics, hf_metrics_free)

G_END_DECLS
