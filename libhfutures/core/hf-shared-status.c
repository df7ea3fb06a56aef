/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#define _GNU_SOURCE /* memfd_create(), F_ADD_SEALS */
#include "config.h"

#include "hf-shared-status-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <sys/mman.h>
#include <unistd.h>

/* Nobody can take away what the other one reads. */
#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

/* @fd: (out): a descriptor for the other process, which the caller closes */
HfSharedStatus *
hf_shared_status_new (int     *fd,
                      GError **error)
{
  void *start = MAP_FAILED;
  int code;

  *fd = memfd_create ("libhfutures-status", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (*fd >= 0 && ftruncate (*fd, sizeof (HfSharedStatus)) == 0 &&
      fcntl (*fd, F_ADD_SEALS, SEALS) == 0)
    start = mmap (NULL, sizeof (HfSharedStatus), PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
  if (start != MAP_FAILED)
    return start;

  code = errno;
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (code), g_strerror (code));
  return NULL;
}

/* @fd: a descriptor, which is taken over. Returns: (nullable): the status */
HfSharedStatus *
hf_shared_status_map (int fd)
{
  void *start = mmap (NULL, sizeof (HfSharedStatus), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

  close (fd);
  return start != MAP_FAILED ? start : NULL;
}

void
hf_shared_status_free (HfSharedStatus *self)
{
  munmap (self, sizeof *self);
}

/* For the parent: asks to be told of the next change. What was changed before can be seen now. */
void
hf_shared_status_listen (HfSharedStatus *self)
{
  hf_shared_status_set (self, listens, 1);
  __atomic_thread_fence (__ATOMIC_SEQ_CST);
}

/* For the worker, after a change: whether the parent is to be told, once. */
gboolean
hf_shared_status_has_listener (HfSharedStatus *self)
{
  __atomic_thread_fence (__ATOMIC_SEQ_CST);
  return hf_shared_status_get (self, listens) != 0 &&
         __atomic_exchange_n (&self->listens, 0, __ATOMIC_RELAXED) != 0;
}
