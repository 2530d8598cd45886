// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Tare.Conformance.Oci;

/// <summary>Answers for the filters of containers: a directory is made on no space, a host name is set without being set, a mode really.</summary>
/// <remarks>seccomp_unotify(2). Each message that comes is kept, with what its filter asked.</remarks>
internal sealed class NotifyListener : IDisposable
{
    private const string Script =
        """
        import socket, sys, json, struct, fcntl, threading, platform
        arm = platform.machine() == "aarch64"
        mkdirs, names, modes = ({34}, {161}, {52, 53, 452}) if arm else ({83, 258}, {170}, {90, 268, 452})
        lock = threading.Lock()
        def say(what):
            with lock:
                print(json.dumps(what), flush=True)
        def answer(fd, said):
            while True:
                asked = bytearray(80)
                try:
                    fcntl.ioctl(fd, 0xC0502100, asked, True)
                except OSError:
                    return
                id, pid, flags, nr = struct.unpack_from("=QIIi", asked)
                value, error, flags = (0, -28, 0) if nr in mkdirs else (0, 0, 0) if nr in names else (0, 0, 1)
                say({"asked": "mkdir" if nr in mkdirs else "sethostname" if nr in names else "chmod" if nr in modes else nr, "pid": pid})
                try:
                    fcntl.ioctl(fd, 0xC0182101, bytearray(struct.pack("=QqiI", id, value, error, flags)), True)
                except OSError:
                    pass
        s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(8); print("ready", flush=True)
        while True:
            c, _ = s.accept()
            said, fds = b"", []
            while True:
                data, control, _, _ = c.recvmsg(1 << 20, socket.CMSG_SPACE(4 * 8))
                for _, _, bytes in control:
                    fds += list(struct.unpack("=%di" % (len(bytes) // 4), bytes[:len(bytes) // 4 * 4]))
                if not data:
                    break
                said += data
            c.close()
            if not said:
                continue  # whoever connected died
            say({"state": json.loads(said), "count": len(fds)})
            threading.Thread(target=answer, args=(fds[0], said), daemon=True).start()
        """;

    private readonly Process _process;
    private readonly Thread _reader;
    private readonly List<JsonNode> _said = [];

    /// <param name="path">of its socket</param>
    public NotifyListener(string path)
    {
        _process = Process.Start(new ProcessStartInfo("python3", ["-c", Script, path]) { RedirectStandardOutput = true })!;
        Assert.Equal("ready", _process.StandardOutput.ReadLine());
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    /// <summary>The messages that came.</summary>
    public JsonNode[] Messages => Said("state");

    /// <summary>Names of the calls that were asked for.</summary>
    public string[] Asked => [.. Said("asked").Select(each => each["asked"]!.ToString())];

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _reader.Join();
        _process.Dispose();
    }

    private void Read()
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            lock (_said)
            {
                _said.Add(JsonNode.Parse(line)!);
            }
        }
    }

    private JsonNode[] Said(string member)
    {
        lock (_said)
        {
            return [.. _said.Where(each => each[member] is not null)];
        }
    }
}
