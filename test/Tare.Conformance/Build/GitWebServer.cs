// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tare.Conformance.Build;

/// <summary>Repositories of a folder over http on loopback, by git's own program for it; asks for a header if it is to, and notes who came.</summary>
internal sealed class GitWebServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _folder;
    private readonly Task _serving;

    public GitWebServer(string folder)
    {
        _folder = folder;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Host = $"{free.LocalEndpoint}";
        }

        _listener.Prefixes.Add($"http://{Host}/");
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    /// <summary>Address and port.</summary>
    public string Host { get; }

    /// <summary>The Authorization that everybody needs; null: nobody needs one.</summary>
    public string? Wanted { get; set; }

    /// <summary>Told each request before it is answered; true: it answered.</summary>
    public Func<HttpListenerContext, byte[], Task<bool>> Before { get; set; } = static (_, _) => Task.FromResult(false);

    /// <summary>All that came.</summary>
    public ConcurrentQueue<(string Path, string? Authorization)> Seen { get; } = [];

    /// <summary>Makes a repository with one commit of these files; answers its address.</summary>
    public string Repository(string name, params (string Name, string Content)[] files)
    {
        string tree = Directory.CreateDirectory(TreeOf(name)).FullName;
        GitServer.Git(tree, "init", "-q", "-b", "main", ".");
        Commit(name, files);
        return $"http://{Host}/{name}.git";
    }

    /// <summary>Commits these files; answers the commit's id.</summary>
    public string Commit(string name, params (string Name, string Content)[] files)
    {
        foreach ((string file, string content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(TreeOf(name), file))!);
            File.WriteAllText(Path.Combine(TreeOf(name), file), content);
        }

        GitServer.Git(TreeOf(name), "add", "-A");
        GitServer.Git(TreeOf(name), "commit", "-q", "--allow-empty", "-m", "a commit");
        return GitServer.Git(TreeOf(name), "rev-parse", "HEAD").Trim();
    }

    public string TreeOf(string name) => Path.Combine(_folder, name);

    public void Dispose()
    {
        _listener.Close();
        _serving.Wait();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                _ = Task.Run(() => AnswerAsync(context));
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            string? authorization = context.Request.Headers["Authorization"];
            Seen.Enqueue((context.Request.Url!.AbsolutePath, authorization));
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            if (Wanted is not null && authorization != Wanted)
            {
                context.Response.StatusCode = 401;
                context.Response.AddHeader("WWW-Authenticate", "Basic realm=\"private\"");
            }
            else if (!await Before(context, body.ToArray()))
            {
                await RunGitAsync(context, body.ToArray());
            }

            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // a client that is gone
        }
    }

    /// <summary>git-http-backend(1), a program of CGI.</summary>
    private async Task RunGitAsync(HttpListenerContext context, byte[] body)
    {
        var start = new ProcessStartInfo("git", ["http-backend"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        string path = context.Request.Url!.AbsolutePath;
        int end = path.IndexOf(".git", StringComparison.Ordinal);
        start.Environment["GIT_PROJECT_ROOT"] = _folder;
        start.Environment["GIT_HTTP_EXPORT_ALL"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_COUNT"] = "1";
        start.Environment["GIT_CONFIG_KEY_0"] = "safe.directory";
        start.Environment["GIT_CONFIG_VALUE_0"] = "*";
        start.Environment["PATH_INFO"] = end < 0 ? path : $"{path[..end]}/.git{path[(end + 4)..]}";
        start.Environment["QUERY_STRING"] = context.Request.Url.Query.TrimStart('?');
        start.Environment["REQUEST_METHOD"] = context.Request.HttpMethod;
        start.Environment["CONTENT_TYPE"] = context.Request.ContentType ?? "";
        start.Environment["CONTENT_LENGTH"] = body.Length.ToString(CultureInfo.InvariantCulture);
        start.Environment["HTTP_CONTENT_ENCODING"] = context.Request.Headers["Content-Encoding"] ?? "";
        start.Environment["GIT_PROTOCOL"] = context.Request.Headers["Git-Protocol"] ?? "";
        using Process git = Process.Start(start)!;
        await git.StandardInput.BaseStream.WriteAsync(body);
        git.StandardInput.Close();
        using var output = new MemoryStream();
        await git.StandardOutput.BaseStream.CopyToAsync(output);
        await git.WaitForExitAsync();
        await PassAsync(context.Response, output.ToArray());
    }

    private static async Task PassAsync(HttpListenerResponse response, byte[] answer)
    {
        int head = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        foreach (string line in Encoding.ASCII.GetString(answer, 0, head).Split("\r\n"))
        {
            string[] field = line.Split(": ", 2);
            if (field[0] == "Status")
            {
                response.StatusCode = int.Parse(field[1].Split(' ')[0], CultureInfo.InvariantCulture);
            }
            else
            {
                response.AddHeader(field[0], field[1]);
            }
        }

        response.ContentLength64 = answer.Length - head - 4;
        await response.OutputStream.WriteAsync(answer.AsMemory(head + 4));
    }
}
