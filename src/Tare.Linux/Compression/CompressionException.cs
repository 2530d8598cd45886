// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Compression;

/// <summary>Compressed bytes that are damaged, cut short, of another format, or ask for more memory than we give.</summary>
/// <remarks>The room above wraps it once with the name of what was read.</remarks>
internal sealed class CompressionException : Exception
{
    internal CompressionException(CompressionFormat format, string problem)
        : base($"{format.ToString().ToLowerInvariant()} data: {problem}") => Format = format;

    public CompressionFormat Format { get; }
}
