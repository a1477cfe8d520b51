using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.Loader;
using Serverless.Embedded.FunctionsWorker;
using Serverless.Embedded.Testing;

namespace Serverless.Tests.Unit.Embedded.Testing;

/// <summary>Two apps of one test project, which has room for one host.json.</summary>
public sealed class AppFolderTests : IDisposable
{
    private readonly AssemblyLoadContext _context = new(nameof(AppFolderTests), isCollectible: true);
    private readonly string _root = Directory.CreateTempSubdirectory("two-apps-").FullName;

    private string Output => Path.Combine(_root, "Tests", "bin");

    [Fact]
    public void Of_AppsWithTheirOwnHostFiles_IsEachOnesProject()
    {
        var (orders, mails) = (Build("Orders", hasHostFile: true), Build("Mails", hasHostFile: true));

        Assert.Equal(Path.Combine(_root, "Orders"), AppFolder.Of(orders).Path);
        Assert.Equal(Path.Combine(_root, "Mails"), AppFolder.Of(mails).Path);
        Assert.Empty(AppFolder.Of(mails).OtherApps);
        Assert.Equal(Path.Combine(_root, "Mails"), AppUnderTest.Of(mails).App.Directory);
    }

    [Fact]
    public void Of_AppWithoutAHostFileOfItsOwn_IsTheOutputAndNamesWhoElseMayHavePutOneThere()
    {
        var (orders, mails) = (Build("Orders", hasHostFile: false), Build("Mails", hasHostFile: false));

        Assert.Equal(Output, AppFolder.Of(orders).Path);
        Assert.Equal(["Mails"], AppFolder.Of(orders).OtherApps);
        Assert.Equal(["Orders"], AppFolder.Of(mails).OtherApps);
    }

    [Fact]
    public void Of_AssemblyWithoutSymbols_IsTheOutput()
    {
        var orders = Build("Orders", hasHostFile: true);
        File.Delete(Path.Combine(Output, "Orders.pdb"));

        Assert.Equal(Output, AppFolder.Of(orders).Path);
        Assert.Empty(AppFolder.Of(orders).OtherApps);
    }

    public void Dispose()
    {
        _context.Unload();
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>A program in a project's folder, with its assembly, symbols and host.json copied to the test project's output.</summary>
    private Assembly Build(string name, bool hasHostFile)
    {
        var project = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        Directory.CreateDirectory(Output);
        File.WriteAllText(Path.Combine(project, $"{name}.csproj"), "");
        File.WriteAllText(Path.Combine(hasHostFile ? project : Output, "host.json"), "{}");
        File.WriteAllText(Path.Combine(Output, "host.json"), "{}");
        File.WriteAllText(Path.Combine(Output, $"{name}.runtimeconfig.json"), "{}");
        Emit(name, Path.Combine(project, "Program.cs"));
        return _context.LoadFromAssemblyPath(Path.Combine(Output, $"{name}.dll"));
    }

    private void Emit(string name, string source)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(name), typeof(object).Assembly);
        var module = assembly.DefineDynamicModule(name);
        var type = module.DefineType("Program", TypeAttributes.Public);
        var main = type.DefineMethod("Main", MethodAttributes.Public | MethodAttributes.Static, typeof(void), []);
        var code = main.GetILGenerator();
        code.MarkSequencePoint(module.DefineDocument(source), 1, 1, 1, 2);
        // A use of the host, by which it is known for an app of functions.
        code.Emit(OpCodes.Ldtoken, typeof(EmbeddedApp));
        code.Emit(OpCodes.Pop);
        code.Emit(OpCodes.Ret);
        type.CreateType();

        var metadata = assembly.GenerateMetadata(out var il, out _, out var symbols);
        var entry = MetadataTokens.MethodDefinitionHandle(main.MetadataToken);
        var pdb = new BlobBuilder();
        var id = new PortablePdbBuilder(symbols, metadata.GetRowCounts(), entry).Serialize(pdb);
        File.WriteAllBytes(Path.Combine(Output, $"{name}.pdb"), pdb.ToArray());
        var directory = new DebugDirectoryBuilder();
        directory.AddCodeViewEntry($"{name}.pdb", id, 0x0100);
        var image = new BlobBuilder();
        new ManagedPEBuilder(PEHeaderBuilder.CreateExecutableHeader(), new MetadataRootBuilder(metadata), il, debugDirectoryBuilder: directory, entryPoint: entry).Serialize(image);
        File.WriteAllBytes(Path.Combine(Output, $"{name}.dll"), image.ToArray());
    }
}
