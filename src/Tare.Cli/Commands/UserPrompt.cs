// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Terminals;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>Asks whoever sits at the terminal.</summary>
internal sealed class UserPrompt : IDisposable
{
    private const int MaxAnswer = 4096;
    private const byte Interrupt = 3;
    private const byte EndOfInput = 4;
    private const byte Backspace = 8;
    private const byte Delete = 127;
    private const byte DeleteLine = 21;
    private readonly Session _session;
    private readonly Fd _input;

    private UserPrompt(Session session, Fd input)
    {
        _session = session;
        _input = input;
    }

    /// <exception cref="TareException">InvalidArgument, in docker's words: nobody is there</exception>
    public static UserPrompt Open(Session session)
    {
        Fd input = Session.OpenInput();
        if (TerminalMode.IsTerminal(input))
        {
            return new UserPrompt(session, input);
        }

        input.Dispose();
        throw new TareException(
            ErrorKind.InvalidArgument, "cannot perform an interactive login from a non TTY device", "use -u with --password-stdin");
    }

    /// <summary>One line, without blanks around it.</summary>
    public string Ask(string question)
    {
        Say(question);
        return Read(static (line, key) => line.Add(key)).Trim();
    }

    /// <summary>One line that is not shown while it is typed.</summary>
    public string AskSecret(string question)
    {
        // before the question: an answer may be typed at once
        using TerminalMode raw = TerminalMode.MakeRaw(_input);
        Say(question);
        try
        {
            return Read(Type);
        }
        finally
        {
            Say("\r\n");
        }
    }

    public void Dispose() => _input.Dispose();

    /// <summary>In raw mode the keys that edit a line are ours to know.</summary>
    private static void Type(List<byte> line, byte key)
    {
        switch (key)
        {
            case Interrupt or EndOfInput:
                throw new TareException(ErrorKind.Cancelled, "cancelled");
            case Backspace or Delete:
                RemoveLetter(line);
                break;
            case DeleteLine:
                line.Clear();
                break;
            default:
                line.Add(key);
                break;
        }
    }

    /// <summary>All bytes of the last letter: in UTF-8 those behind the first begin with the bits 10.</summary>
    private static void RemoveLetter(List<byte> line)
    {
        while (line.Count > 0)
        {
            byte last = line[^1];
            line.RemoveAt(line.Count - 1);
            if ((last & 0xC0) != 0x80)
            {
                return;
            }
        }
    }

    private string Read(Action<List<byte>, byte> type)
    {
        List<byte> line = [];
        Span<byte> key = stackalloc byte[1];
        while (line.Count < MaxAnswer && _input.Read(key) == 1 && key[0] is not ((byte)'\n' or (byte)'\r'))
        {
            type(line, key[0]);
        }

        return Encoding.UTF8.GetString([.. line]);
    }

    private void Say(string text)
    {
        _session.Output.Write(text);
        _session.Flush();
    }
}
