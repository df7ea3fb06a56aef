/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-metrics.h"

G_BEGIN_DECLS

/* In seconds. */
struct _HfMetrics {
  double dns;
  double connect;
  double tls;
  double first_byte;
  double total;
};

G_END_DECLS
