// SPDX-License-Identifier: LGPL-2.1-or-later
// SPDX-FileCopyrightText: 2026 The libhfutures authors

// Where the documentation of other namespaces is.
baseURLs = [
    ['GLib', 'https://docs.gtk.org/glib/'],
    ['GObject', 'https://docs.gtk.org/gobject/'],
    ['Gio', 'https://docs.gtk.org/gio/'],
    ['Soup', 'https://libsoup.gnome.org/libsoup-3.0/'],
    ['Json', 'https://gnome.pages.gitlab.gnome.org/json-glib/'],
];
