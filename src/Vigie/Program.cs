using Vigie.Commands;

return await VigieCommand.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
