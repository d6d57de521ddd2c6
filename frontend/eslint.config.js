import angular from 'angular-eslint';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['node_modules/', '.angular/', 'src/app/api/answers.ts', 'src/app/api/views.ts', 'src/index.html', 'scripts/'] },
  {
    files: ['src/**/*.ts'],
    extends: [
      ...tseslint.configs.strict,
      ...tseslint.configs.stylistic,
      ...angular.configs.tsRecommended,
    ],
    processor: angular.processInlineTemplates,
    rules: {
      '@angular-eslint/component-selector': [
        'error',
        { type: 'element', prefix: 'te', style: 'kebab-case' },
      ],
      '@angular-eslint/directive-selector': [
        'error',
        { type: 'attribute', prefix: 'te', style: 'camelCase' },
      ],
      '@angular-eslint/prefer-signals': 'error',
      '@angular-eslint/use-lifecycle-interface': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      'max-lines': ['error', { max: 600 }],
      'no-console': 'error',
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^echarts',
              allowTypeImports: true,
              message: 'Only charts/echarts.ts imports ECharts; everything else loads it deferred.',
            },
          ],
        },
      ],
      // Texts of a module's top level are read before the translations are there.
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'TaggedTemplateExpression[tag.name="$localize"]:not(:function *, PropertyDefinition *)',
          message: '$localize at the top of a module is never translated; wrap it in a function.',
        },
      ],
    },
  },
  { files: ['src/app/charts/echarts.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['**/*.spec.ts', 'src/testing/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-imports': 'off',
    },
  },
  {
    files: ['src/app/**/*.html'],
    extends: [...angular.configs.templateRecommended, ...angular.configs.templateAccessibility],
    rules: {
      '@angular-eslint/template/prefer-control-flow': 'error',
      '@angular-eslint/template/button-has-type': 'error',
      '@angular-eslint/template/i18n': [
        'error',
        {
          checkId: true,
          checkText: true,
          checkAttributes: true,
          checkDuplicateId: false,
          // Those that nobody reads.
          ignoreAttributes: [
            'aria-controls',
            'aria-haspopup',
            'aria-labelledby',
            'aria-live',
            'ariaCurrentWhenActive',
            'definition',
            'exportView',
            'fallback',
            'fragment',
            'icon',
            'linkColumn',
            'param',
            'queryParamsHandling',
            'scope',
            'unit',
            'view',
          ],
        },
      ],
    },
  },
  // Templates of specs are seen by nobody.
  { files: ['**/*.spec.ts/*.html'], rules: { '@angular-eslint/template/i18n': 'off' } },
);
