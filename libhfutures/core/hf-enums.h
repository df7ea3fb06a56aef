/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-types.h"

G_BEGIN_DECLS

/**
 * HfFutureState:
 * @HF_FUTURE_STATE_QUEUED: the work waits for a worker
 * @HF_FUTURE_STATE_RUNNING: a worker is at it
 * @HF_FUTURE_STATE_SUCCEEDED: settled with a value
 * @HF_FUTURE_STATE_FAILED: settled with an error
 * @HF_FUTURE_STATE_CANCELLED: settled by cancellation
 *
 * Where a [class@Future] stands. The last three are final.
 *
 * Since: 1.0
 */
typedef enum {
  HF_FUTURE_STATE_QUEUED,
  HF_FUTURE_STATE_RUNNING,
  HF_FUTURE_STATE_SUCCEEDED,
  HF_FUTURE_STATE_FAILED,
  HF_FUTURE_STATE_CANCELLED,
} HfFutureState;

/**
 * HfCloseFlags:
 * @HF_CLOSE_DRAIN: let everything that was submitted finish
 * @HF_CLOSE_CANCEL_QUEUED: cancel what no worker has begun; let the rest finish
 * @HF_CLOSE_CANCEL_ALL: cancel what is queued and what is running
 *
 * What closing does with work that has not settled.
 *
 * Since: 1.0
 */
typedef enum {
  HF_CLOSE_DRAIN = 0,
  HF_CLOSE_CANCEL_QUEUED = 1 << 0,
  HF_CLOSE_CANCEL_ALL = 1 << 1,
} HfCloseFlags;

/**
 * HfWaitMode:
 * @HF_WAIT_ALL_COMPLETED: until all have settled
 * @HF_WAIT_FIRST_COMPLETED: until any has settled
 * @HF_WAIT_FIRST_ERROR: until any has failed; being cancelled is not failing
 *
 * What a wait for several futures waits for.
 *
 * Since: 1.0
 */
typedef enum {
  HF_WAIT_ALL_COMPLETED,
  HF_WAIT_FIRST_COMPLETED,
  HF_WAIT_FIRST_ERROR,
} HfWaitMode;

/**
 * HfHttpVersion:
 * @HF_HTTP_VERSION_HTTP1: HTTP/1.1 (RFC 9112), whatever the server could speak
 * @HF_HTTP_VERSION_HTTP2: HTTP/2 (RFC 9113) with servers that speak it over TLS, else HTTP/1.1;
 *   HTTP/1.1, too, for bodies that are read while they are sent
 *
 * Which protocol a session offers to servers.
 *
 * Since: 1.0
 */
typedef enum {
  HF_HTTP_VERSION_HTTP1,
  HF_HTTP_VERSION_HTTP2,
} HfHttpVersion;

G_END_DECLS
