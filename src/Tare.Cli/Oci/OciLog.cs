// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Cli.Output;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Cli.Oci;

/// <summary>What went wrong, one line for each: for the program that called us in a file, for people on standard
/// error.</summary>
/// <remarks>containerd and podman read the file by runc's form: level, msg, time. An entry is one write to a file that
/// is open for appending, so entries of several processes do not mix.</remarks>
/// <param name="path">the file, made when it is not there; null: standard error alone</param>
/// <param name="isJson">entries are JSON objects, else texts of the form key=value</param>
/// <param name="isDebug">entries of the level debug are written too</param>
/// <param name="error">standard error</param>
/// <param name="time">says when</param>
internal sealed class OciLog(string? path, bool isJson, bool isDebug, TextWriter error, TimeProvider time)
{
    private const uint FileMode = 0x1a4; // 0644

    /// <summary>Why something failed; the last entry of a run. Told on standard error too.</summary>
    public void Error(string message, string? hint = null)
    {
        Write("error", message);
        if (path is null && isJson)
        {
            return;
        }

        error.WriteLine(Printable.Of(message));
        if (hint is not null)
        {
            error.WriteLine($"hint: {Printable.Of(hint)}");
        }
    }

    /// <summary>What is not as it was asked for, though the verb goes on. In the file when there is one, else on
    /// standard error.</summary>
    public void Warning(string message)
    {
        Write("warning", message);
        if (path is null && !isJson)
        {
            error.WriteLine($"warning: {Printable.Of(message)}");
        }
    }

    /// <summary>What helps to find a defect; nothing without <c>--debug</c>.</summary>
    public void Debug(string message)
    {
        if (!isDebug)
        {
            return;
        }

        Write("debug", message);
        if (path is null && !isJson)
        {
            error.WriteLine($"debug: {Printable.Of(message)}");
        }
    }

    private void Write(string level, string message)
    {
        if (path is null && !isJson)
        {
            return;
        }

        string now = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        string entry = isJson
            ? $"{{\"level\":\"{level}\",\"msg\":{Json.Text(message)},\"time\":\"{now}\"}}"
            : $"time=\"{now}\" level={level} msg={Json.Text(message)}";
        if (path is null)
        {
            error.WriteLine(entry);
        }
        else
        {
            Append(path, entry + "\n");
        }
    }

    /// <summary>A log that cannot be written must not hide what it was to say: that goes to standard error.</summary>
    private void Append(string file, string line)
    {
        try
        {
            using Fd log = HostPath.Open(file, OpenFlags.WriteOnly | OpenFlags.Append | OpenFlags.Create, FileMode);
            log.Write(Encoding.UTF8.GetBytes(line));
        }
        catch (LinuxException cause)
        {
            error.WriteLine($"warning: log {file}: {cause.Message}");
        }
    }
}
