// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Cli.Commands;

/// <summary>Asks before something goes that cannot be got back.</summary>
internal static class Consent
{
    private const int MaxAnswer = 256;

    /// <summary>True with <paramref name="force"/>, or when the answer is <c>y</c> or <c>Y</c>; an input that ends is a no.</summary>
    /// <param name="session">where to ask</param>
    /// <param name="force">nothing is asked</param>
    /// <param name="warning">what will happen</param>
    public static bool Given(Session session, bool force, string warning)
    {
        if (force)
        {
            return true;
        }

        session.Output.WriteLine(warning);
        session.Output.Write("Are you sure you want to continue? [y/N] ");
        session.Flush();
        return ReadAnswer() is "y" or "Y";
    }

    private static string ReadAnswer()
    {
        using Fd input = Session.OpenInput();
        Span<byte> answer = stackalloc byte[MaxAnswer];
        int length = 0;
        while (length < answer.Length && input.Read(answer.Slice(length, 1)) == 1 && answer[length] != (byte)'\n')
        {
            length++;
        }

        return System.Text.Encoding.UTF8.GetString(answer[..length]).Trim();
    }
}
