/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#define _GNU_SOURCE /* memfd_create(), F_ADD_SEALS */
#include "config.h"

#include "hf-sealed-bytes-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

static int
fail (int      fd,
      GError **error)
{
  int code = errno;

  if (fd >= 0)
    close (fd);
  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (code), g_strerror (code));
  return -1;
}

static gboolean
write_all (int           fd,
           const guint8 *data,
           gsize         size)
{
  while (size > 0)
    {
      ssize_t written = write (fd, data, MIN (size, G_MAXINT));

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;
      data += written;
      size -= written;
    }
  return TRUE;
}

/* Returns: a descriptor of memory that can be sealed, which the caller closes; -1: there is none */
int
hf_sealed_bytes_begin (void)
{
  return memfd_create ("libhfutures", MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

/*
 * hf_sealed_bytes_resize:
 * @start: (nullable): where the memory has been, with @allocated bytes
 *
 * Returns: (nullable): where it is now, with @size bytes to write; %NULL when there is not enough,
 *   then it is as it was
 */
void *
hf_sealed_bytes_resize (int    fd,
                        void  *start,
                        gsize  allocated,
                        gsize  size)
{
  void *moved;

  if (ftruncate (fd, size) < 0)
    return NULL;

  moved = start != NULL ? mremap (start, allocated, size, MREMAP_MAYMOVE)
                        : mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  return moved != MAP_FAILED ? moved : NULL;
}

/*
 * hf_sealed_bytes_end:
 * @start: (transfer full): where the memory is, with @allocated bytes
 * @length: how many of them count
 *
 * Seals them. The descriptor stays open, for whom they go to.
 *
 * Returns: (transfer full) (nullable): the bytes
 */
GBytes *
hf_sealed_bytes_end (int      fd,
                     void    *start,
                     gsize    allocated,
                     gsize    length,
                     GError **error)
{
  int kept;

  munmap (start, allocated);
  if (ftruncate (fd, length) < 0 || fcntl (fd, F_ADD_SEALS, SEALS) < 0 ||
      (kept = fcntl (fd, F_DUPFD_CLOEXEC, 0)) < 0)
    {
      fail (-1, error);
      return NULL;
    }
  return hf_sealed_bytes_map (kept, length, error);
}

/* Copies bytes. Returns: a descriptor, which the caller closes; -1 with @error set */
int
hf_sealed_bytes_new (GBytes  *bytes,
                     GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  int fd = hf_sealed_bytes_begin ();

  if (fd < 0 || !write_all (fd, data, size) || fcntl (fd, F_ADD_SEALS, SEALS) < 0)
    return fail (fd, error);
  return fd;
}

/* Memory would be taken for what was not sent as soon as somebody reads it. */
static gboolean
has_holes (int                fd,
           const struct stat *status)
{
  /* Not all memory that can be had as a file knows of holes. */
  return lseek (fd, 0, SEEK_HOLE) < status->st_size ||
         (guint64) status->st_blocks * 512 < (guint64) status->st_size;
}

typedef struct {
  void *start;
  gsize size;
} Mapping;

static void
mapping_free (gpointer data)
{
  Mapping *mapping = data;

  munmap (mapping->start, mapping->size);
  g_free (mapping);
}

/*
 * hf_sealed_bytes_map:
 * @fd: a descriptor, which is taken over
 * @size: how many bytes there should be
 *
 * Maps bytes, if they are sealed and as many as was said.
 *
 * Returns: (transfer full) (nullable): the bytes, which are unmapped with the last reference
 */
GBytes *
hf_sealed_bytes_map (int       fd,
                     guint64   size,
                     GError  **error)
{
  struct stat status;
  Mapping *mapping;
  void *start;
  int seals;

  seals = fd >= 0 ? fcntl (fd, F_GET_SEALS) : -1;
  if (seals < 0 || (seals & SEALS) != SEALS || fstat (fd, &status) < 0 ||
      (guint64) status.st_size != size || size == 0 || size > G_MAXSIZE || has_holes (fd, &status))
    {
      if (fd >= 0)
        close (fd);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "The other process sent bytes that are not sealed");
      return NULL;
    }

  start = mmap (NULL, size, PROT_READ, MAP_SHARED, fd, 0);
  if (start == MAP_FAILED)
    {
      fail (fd, error);
      return NULL;
    }

  close (fd);
  mapping = g_new (Mapping, 1);
  *mapping = (Mapping){ start, size };
  return g_bytes_new_with_free_func (start, size, mapping_free, mapping);
}
