// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Remote;

/// <summary>A small answer that was read to its end.</summary>
/// <param name="MediaType">as the server says, without parameters; may be missing</param>
/// <param name="Link">the header of that name: where the next page is; may be missing</param>
/// <param name="Body">its bytes</param>
internal sealed record WholeAnswer(string? MediaType, string? Link, byte[] Body);
