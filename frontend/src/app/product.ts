export const PRODUCT = 'te_assets';
