// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Wall;

/// <summary>The keys of whoever started a container: namespaces do not part them.</summary>
public sealed class KeyringWall(Ground ground) : WallTests(ground)
{
    [Fact]
    public void The_session_keys_of_a_starter_are_out_of_reach_by_default() => AssertNoKey();

    /// <summary>Without the filter too, which forbids the calls.</summary>
    [Theory]
    [InlineData("--security-opt", "seccomp=unconfined")]
    [InlineData("--privileged")]
    public void The_session_keys_of_a_starter_are_not_the_containers(params string[] flags) => AssertNoKey(flags);

    private void AssertNoKey(params string[] flags)
    {
        string tools = Ground.HostFolder();
        Tool.Make("keyring", tools);
        string name = Subject.Name("keys");
        string[] put = ["put", Canary.Secret];
        string[][] commands =
        [
            ["run", "--rm", "-v", $"{tools}:/tools", .. flags, Subject.Image, "/tools/keyring", "get"],
            ["run", "-d", "--name", name, "-v", $"{tools}:/tools", .. flags, Subject.Image, "sleep", "1000"],
            ["exec", name, "/tools/keyring", "get"],
            ["exec", "--privileged", name, "/tools/keyring", "get"],
        ];

        Assert.Equal($"{Canary.Secret}\nlooked\n", Ask($"{tools}/keyring", [.. put, $"{tools}/keyring", "get"]).Text);
        foreach (string[] command in commands)
        {
            Outcome outcome = Ask($"{tools}/keyring", [.. put, Subject.Program.Program, .. command]);
            Canary.AssertUnseen(outcome);
            Assert.Equal(0, outcome.ExitCode);
        }
    }

    private Outcome Ask(string program, string[] args)
    {
        using Conversation conversation = Subject.Program.Start(program, args);
        conversation.Close();
        return conversation.End();
    }
}
