/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-random.h"

#include <string.h>

#define TOKEN_CHARACTERS                                                                           \
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~"

/* How many inputs a property is tried with; programs are slower under instruments. */
guint
hf_random_n_inputs (void)
{
  return g_getenv ("HF_TEST_SLOW") != NULL ? 5000 : 100000;
}

/* Returns: a number from 0 to less than the limit */
guint
hf_random_below (guint limit)
{
  return (guint32) g_test_rand_int () % limit;
}

gboolean
hf_random_one_in (guint n)
{
  return hf_random_below (n) == 0;
}

/* Returns: one of the words, which %NULL ends */
const char *
hf_random_choose (const char *const *words)
{
  return words[hf_random_below (g_strv_length ((char **) words))];
}

/* Returns: (transfer full): a token (RFC 9110 §5.6.2) */
char *
hf_random_token (void)
{
  char token[17] = { 0 };
  guint length = 1 + hf_random_below (hf_random_one_in (8) ? 16 : 6);

  for (guint i = 0; i < length; i++)
    token[i] = TOKEN_CHARACTERS[hf_random_below (hf_random_one_in (3) ? 77 : 26)];
  return g_strdup (token);
}

static gunichar
random_character (void)
{
  gunichar character;

  switch (hf_random_below (12))
    {
    case 0:
      return " \"\\,;=:/?#&%+<>@'()[]{}*"[hf_random_below (24)];
    case 1:
      return 0xa0 + hf_random_below (0x60);
    case 2:
      return 0x3b1 + hf_random_below (0x18);
    case 3:
      do
        character = 0x100 + hf_random_below (0x10ff00);
      while (!g_unichar_validate (character) || (character & 0xfffe) == 0xfffe);
      return character;
    default:
      return 0x21 + hf_random_below (0x5e);
    }
}

/* Returns: (transfer full): text without control characters, in UTF-8 */
char *
hf_random_text (guint max_characters)
{
  GString *text = g_string_new (NULL);
  guint length = hf_random_below (max_characters + 1);

  for (guint i = 0; i < length; i++)
    g_string_append_unichar (text, random_character ());
  return g_string_free (text, FALSE);
}

/* Returns: (transfer full): any bytes but NUL, often such as break things */
char *
hf_random_bytes (guint max_bytes)
{
  static const char hostile[] = "\r\n\t\x01\x7f\x80\xff\"\\ :;,%=@";
  GString *bytes = g_string_new (NULL);
  guint length = hf_random_below (max_bytes + 1);

  for (guint i = 0; i < length; i++)
    if (hf_random_one_in (6))
      g_string_append_c (bytes, hostile[hf_random_below (sizeof hostile - 1)]);
    else if (hf_random_one_in (4))
      g_string_append_c (bytes, 1 + hf_random_below (255));
    else
      g_string_append_c (bytes, 0x21 + hf_random_below (0x5e));
  return g_string_free (bytes, FALSE);
}

/* White space where it is optional (RFC 9110 §5.6.3). */
void
hf_random_append_space (GString *out)
{
  while (hf_random_one_in (3))
    g_string_append_c (out, hf_random_one_in (4) ? '\t' : ' ');
}

/* What is compared without case, in any. */
void
hf_random_append_case (GString    *out,
                       const char *text)
{
  gboolean as_it_is = hf_random_one_in (2);

  for (const char *c = text; *c != '\0'; c++)
    if (as_it_is)
      g_string_append_c (out, *c);
    else
      g_string_append_c (out, hf_random_one_in (2) ? g_ascii_toupper (*c) : g_ascii_tolower (*c));
}

/* A quoted string (RFC 9110 §5.6.4), in which what need not be escaped may be. */
void
hf_random_append_quoted (GString    *out,
                         const char *text)
{
  gboolean escapes = hf_random_one_in (4);

  g_string_append_c (out, '"');
  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '"' || *c == '\\' || (escapes && (guint8) *c < 0x80 && hf_random_one_in (3)))
        g_string_append_c (out, '\\');
      g_string_append_c (out, *c);
    }
  g_string_append_c (out, '"');
}

gboolean
hf_is_token (const char *text)
{
  return *text != '\0' && text[strspn (text, TOKEN_CHARACTERS)] == '\0';
}

/* A token or a quoted string, where both may stand. */
void
hf_random_append_word (GString    *out,
                       const char *text)
{
  if (hf_is_token (text) && hf_random_one_in (2))
    g_string_append (out, text);
  else
    hf_random_append_quoted (out, text);
}

/* With escapes (RFC 3986 §2.1) for all but letters, digits and what is named; letters and what is
 * named may be escaped, too. */
void
hf_random_append_escape (GString    *out,
                         const char *text,
                         const char *as_they_are)
{
  gboolean escapes = hf_random_one_in (4);

  for (const char *c = text; *c != '\0'; c++)
    if ((g_ascii_isalnum (*c) || strchr (as_they_are, *c) != NULL) &&
        !(escapes && hf_random_one_in (4)))
      g_string_append_c (out, *c);
    else
      g_string_append_printf (out, hf_random_one_in (2) ? "%%%02X" : "%%%02x", (guint8) *c);
}

/* Changes some bytes, but to no NUL, as the network and hostile servers do. */
void
hf_random_corrupt (GString *text)
{
  static const char *const pieces[] = { "\r\n",
                                        "\n",
                                        "\t",
                                        "\"",
                                        "\\",
                                        "\\\"",
                                        "%",
                                        "%0d%0a",
                                        "%00",
                                        "%ff",
                                        "*=UTF-8''%c3%a4",
                                        "*=UTF-8''%ff",
                                        ",",
                                        ";",
                                        "=",
                                        "==",
                                        "<",
                                        ">",
                                        "[",
                                        "]",
                                        "@",
                                        "//",
                                        "..",
                                        "#",
                                        "?",
                                        "&",
                                        ":",
                                        " ",
                                        "\xff",
                                        "\xc3",
                                        "\x80",
                                        "\x01",
                                        "\x7f",
                                        NULL };
  guint n_changes = 1 + hf_random_below (4);

  for (guint i = 0; i < n_changes; i++)
    {
      const char *authority = strstr (text->str, "//");
      gsize at = hf_random_below (text->len + 1);
      gsize length = hf_random_below (8);

      /* Most of what is dangerous in an address is in its authority, and that is short. */
      if (authority != NULL && hf_random_one_in (4))
        at = MIN ((gsize) (authority + 2 - text->str) + length, text->len);

      switch (hf_random_below (6))
        {
        case 0:
          g_string_erase (text, at, MIN (length, text->len - at));
          break;
        case 1:
          if (hf_random_one_in (4))
            g_string_truncate (text, at);
          break;
        case 2:
          if (at < text->len)
            text->str[at] = 1 + hf_random_below (255);
          break;
          case 3: {
            g_autofree char *piece = g_strndup (text->str + at, MIN (length, text->len - at));

            g_string_insert (text, hf_random_below (text->len + 1), piece);
            break;
          }
        default:
          g_string_insert (text, at, hf_random_choose (pieces));
          break;
        }
    }
}

/* Both may be %NULL. */
void
hf_assert_same (const char *input,
                const char *expected,
                const char *actual)
{
  g_autofree char *shown = NULL;

  if (g_strcmp0 (expected, actual) == 0)
    return;
  shown = g_strescape (input, NULL);
  g_test_message ("The input was \"%s\"", shown);
  g_assert_cmpstr (actual, ==, expected);
}
