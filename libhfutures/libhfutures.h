/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-version.h"
#include "hf-version-macros.h"
#include "hf-types.h"
#include "hf-enums.h"
#include "hf-enum-types.h"
#include "hf-error.h"
#include "hf-headers.h"
#include "hf-auth.h"
#include "hf-auth-call.h"
#include "hf-body.h"
#include "hf-link.h"
#include "hf-proxy-rules.h"
#include "hf-metrics.h"
#include "hf-request.h"
#include "hf-response.h"
#include "hf-future.h"
#include "hf-completion-queue.h"
#include "hf-executor.h"
#include "hf-drain.h"
#include "hf-thread-pool-executor.h"
#include "hf-loop-executor.h"
#include "hf-work-call.h"
#include "hf-hook-call.h"
#include "hf-futures-session.h"
