// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Engine.Tests;

/// <summary>An engine over a store of its own, removed at the end.</summary>
internal sealed class TemporaryEngine : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tare-engine-").FullName;

    public TemporaryEngine() => Engine = TareEngine.Open($"{_folder}/root", $"{_folder}/run");

    public TareEngine Engine { get; private set; }

    public string Root => $"{_folder}/root";

    public string Run => $"{_folder}/run";

    /// <summary>As the next process would open it.</summary>
    public TareEngine Reopen()
    {
        Engine.Dispose();
        return Engine = TareEngine.Open(Root, Run);
    }

    public void Dispose()
    {
        Engine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
