// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Build.Dockerfile;

/// <summary>An error with its place: of the message's lines, all but the first show that. Only their breaks are control characters, and tabs.</summary>
internal sealed class SourceException(ErrorKind kind, string message, string? hint, Exception? inner)
    : TareException(kind, message, hint, inner);
