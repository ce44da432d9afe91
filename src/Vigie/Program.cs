using Vigie.Commands;

return await VigieCommand.Create().Parse(args).InvokeAsync();
