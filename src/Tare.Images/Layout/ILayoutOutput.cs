// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Layout;

/// <summary>Where the files of a layout are written: a directory or a tar.</summary>
internal interface ILayoutOutput : IDisposable
{
    /// <summary>True when a file of that name need not be written.</summary>
    bool Has(string name);

    /// <summary>Writes one file; <paramref name="bytes"/> has exactly <paramref name="size"/> bytes or throws.</summary>
    void Write(string name, long size, Stream bytes);

    /// <summary>The last call: what was written is complete.</summary>
    void Finish();
}
